"""Campaigns before they are sent: drafts, the list, copies. What happens after Send is in delivery."""

from mbs_app.services.campaigns.drafts import (
    KEEP,
    UNTITLED,
    clean_name,
    create_draft,
    delete_campaign,
    duplicate_campaign,
    get_campaign,
    require_checked,
    save_draft,
)
from mbs_app.services.campaigns.fields import MergeField, known_fields, merge_fields
from mbs_app.services.campaigns.listing import (
    CampaignPage,
    CampaignRow,
    StatusFilter,
    list_campaigns,
    list_campaigns_after,
)
from mbs_app.services.campaigns.senders import SenderChoice, pick_sender, senders_to_choose

__all__ = [
    "KEEP",
    "UNTITLED",
    "CampaignPage",
    "CampaignRow",
    "MergeField",
    "SenderChoice",
    "StatusFilter",
    "clean_name",
    "create_draft",
    "delete_campaign",
    "duplicate_campaign",
    "get_campaign",
    "known_fields",
    "list_campaigns",
    "list_campaigns_after",
    "merge_fields",
    "pick_sender",
    "require_checked",
    "save_draft",
    "senders_to_choose",
]
