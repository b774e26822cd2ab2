"""Customers: the list and its filters, one person's profile, changes, chunks of many, and export."""

from mbs_app.queries.customers import CustomerFilter, Sort
from mbs_app.services.customers.conversation import (
    Bubble,
    CampaignLine,
    last_campaigns,
    read_conversation,
)
from mbs_app.services.customers.export import Export, begin_export, export_piece, note_export
from mbs_app.services.customers.listing import (
    CHUNK,
    CustomerPage,
    CustomerRow,
    Selection,
    count_everyone,
    count_selected,
    customers_after,
    list_customers,
    list_states,
    next_chunk,
)
from mbs_app.services.customers.profile import CustomerProfile, read_profile
from mbs_app.services.customers.records import (
    NumberTaken,
    create_customer,
    delete_customer,
    delete_customers,
    get_customer,
    opt_out_customers,
    set_groups,
    update_customer,
)

__all__ = [
    "CHUNK",
    "Bubble",
    "CampaignLine",
    "CustomerFilter",
    "CustomerPage",
    "CustomerProfile",
    "CustomerRow",
    "Export",
    "NumberTaken",
    "Selection",
    "Sort",
    "begin_export",
    "count_everyone",
    "count_selected",
    "create_customer",
    "customers_after",
    "delete_customer",
    "delete_customers",
    "export_piece",
    "get_customer",
    "last_campaigns",
    "list_customers",
    "list_states",
    "next_chunk",
    "note_export",
    "opt_out_customers",
    "read_conversation",
    "read_profile",
    "set_groups",
    "update_customer",
]
