"""The tables, one file per subject. Importing this package registers them all."""

from mbs_app.models.audit import AuditEvent
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
from mbs_app.models.mail import MailEvent, OutgoingMail
from mbs_app.models.password_resets import AdminPasswordReset, PasswordResetToken
from mbs_app.models.people import EmailChange, ExternalIdentity, InviteCode, UserProfile
from mbs_app.models.refused_callbacks import RefusedCallback
from mbs_app.models.second_factor import Authenticator, Passkey, RecoveryCode
from mbs_app.models.sign_in import (
    ApiKey,
    KnownDevice,
    RefreshToken,
    SignInAttempt,
    SignInStep,
    UserSession,
)
from mbs_app.models.workspace import Beat, Sender, Workspace

__all__ = [
    "AdminPasswordReset",
    "ApiKey",
    "AuditEvent",
    "Authenticator",
    "Beat",
    "Campaign",
    "CampaignMessage",
    "CampaignTemplate",
    "ConsentEvent",
    "Customer",
    "EmailChange",
    "ExternalIdentity",
    "Group",
    "GroupMembership",
    "Import",
    "ImportChunk",
    "ImportRow",
    "InboundMessage",
    "InviteCode",
    "KnownDevice",
    "MailEvent",
    "MessageEvent",
    "OutgoingMail",
    "Owned",
    "OwnedOrShared",
    "Passkey",
    "PasswordResetToken",
    "RecoveryCode",
    "RefreshToken",
    "RefusedCallback",
    "ScheduledMessage",
    "Sender",
    "SignInAttempt",
    "SignInStep",
    "Suppression",
    "UserProfile",
    "UserSession",
    "Workspace",
    "new_id",
]
