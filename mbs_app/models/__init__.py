"""The tables, one file per subject. Importing this package registers them all."""

from mbs_app.models.base import Owned, OwnedOrShared, new_id
from mbs_app.models.campaigns import (
    Campaign,
    CampaignMessage,
    CampaignTemplate,
    InboundMessage,
    MessageEvent,
    ScheduledMessage,
)
from mbs_app.models.customers import (
    ConsentEvent,
    Customer,
    Group,
    GroupMembership,
    Suppression,
)
from mbs_app.models.imports import Import, ImportChunk, ImportRow
from mbs_app.models.people import (
    AdminPasswordReset,
    ApiKey,
    AuditEvent,
    InviteCode,
    PasswordResetToken,
    SignInAttempt,
    UserProfile,
    UserSession,
)
from mbs_app.models.workspace import Beat, Sender, Workspace

__all__ = [
    "AdminPasswordReset",
    "ApiKey",
    "AuditEvent",
    "Beat",
    "Campaign",
    "CampaignMessage",
    "CampaignTemplate",
    "ConsentEvent",
    "Customer",
    "Group",
    "GroupMembership",
    "Import",
    "ImportChunk",
    "ImportRow",
    "InboundMessage",
    "InviteCode",
    "MessageEvent",
    "Owned",
    "OwnedOrShared",
    "PasswordResetToken",
    "ScheduledMessage",
    "Sender",
    "SignInAttempt",
    "Suppression",
    "UserProfile",
    "UserSession",
    "Workspace",
    "new_id",
]
