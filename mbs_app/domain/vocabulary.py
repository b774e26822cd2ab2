"""The closed sets of words that tables, services and screens share."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    ADMIN = "admin"
    USER = "user"


class UserStatus(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUSPENDED = "suspended"


class InviteState(StrEnum):
    """What an invite code is good for; follows from its row and the time."""

    ACTIVE = "active"
    USED_UP = "used_up"
    EXPIRED = "expired"
    REVOKED = "revoked"


class CustomerStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"


class CampaignKind(StrEnum):
    """``campaign`` is what marketers see in the list; the others ride the same road, hidden from it."""

    CAMPAIGN = "campaign"
    TEST = "test"  # a text to oneself, from the composer
    DIRECT = "direct"  # a scheduled message to one customer or group


class CampaignStatus(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class MessageStatus(StrEnum):
    """The seven outcomes; every person of an audience is in exactly one."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


class SkipReason(StrEnum):
    OPTED_OUT = "opted_out"
    CANNOT_RECEIVE = "cannot_receive"  # a landline or a dead number, as the carrier said earlier
    INACTIVE = "inactive"
    CANCELLED = "cancelled"
    EMPTY_TEXT = "empty_text"  # nothing left once the fields were filled in
    REMOVED = "removed"  # the customer was deleted after the launch


class SuppressionReason(StrEnum):
    STOP_REPLY = "stop_reply"
    CARRIER_OPT_OUT = "carrier_opt_out"  # Twilio 21610
    RECORDED = "recorded"  # a person wrote it down for the customer
    CANNOT_RECEIVE = "cannot_receive"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class Channel(StrEnum):
    SMS = "sms"
    EMAIL = "email"


class ConsentKind(StrEnum):
    OPTED_IN = "opted_in"
    OPTED_OUT = "opted_out"
    OPT_OUT_UNDONE = "opt_out_undone"  # recorded by mistake, and taken back by who recorded it


class TemplateCategory(StrEnum):
    GENERAL = "general"
    MARKETING = "marketing"
    REMINDERS = "reminders"
    ALERTS = "alerts"
    ANNOUNCEMENTS = "announcements"


class ScheduledMessageStatus(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class SecondFactorFor(StrEnum):
    """Whom an admin requires a second factor of; anybody may have one."""

    NOBODY = "nobody"
    ADMINS = "admins"
    EVERYBODY = "everybody"


class SessionKind(StrEnum):
    BROWSER = "browser"
    PROGRAM = "program"


class SignInStepKind(StrEnum):
    SECOND_FACTOR = "second_factor"  # the password was right; a code or a passkey is still to come
    PASSKEY = "passkey"  # signing in with a passkey alone
    NEW_PASSKEY = "new_passkey"  # adding a passkey to an account
    PROVIDER = "provider"  # signing in through an OpenID provider


class Scope(StrEnum):
    """What a program's key may do. ``send`` covers whatever makes texts go out, or stops them."""

    READ = "read"
    WRITE = "write"
    SEND = "send"
    ADMIN = "admin"


class MailKind(StrEnum):
    INVITATION = "invitation"
    ALREADY_JOINED = "already_joined"  # somebody tried to join with an address that has an account
    APPROVED = "approved"
    REJECTED = "rejected"
    PASSWORD_RESET = "password_reset"
    PASSWORD_CHANGED = "password_changed"
    NEW_DEVICE = "new_device"
    EMAIL_CHANGE = "email_change"
    EMAIL_CHANGED = "email_changed"
    SECURITY_CHANGED = "security_changed"  # a second factor, passkey or recovery codes came or went


class MailStatus(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    FAILED = "failed"
    EXPIRED = "expired"  # its link was dead before it could be sent
    CANCELLED = "cancelled"


class ResetType(StrEnum):
    USER = "user"
    ADMIN = "admin"


class AdminResetStatus(StrEnum):
    PENDING = "pending"
    COMPLETED = "completed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class ImportStatus(StrEnum):
    UPLOADED = "uploaded"  # the file is in; its columns are guessed
    CHECKING = "checking"  # the dry run is queued or running
    CHECKED = "checked"  # the dry run is done; nothing is saved yet
    IMPORTING = "importing"  # being applied
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class RowOutcome(StrEnum):
    """What the dry run says of one row of a file."""

    ADD = "add"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class Appearance(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
