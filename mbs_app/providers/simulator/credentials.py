"""What the simulator is spoken to with. Not secrets: it listens on loopback and sends nothing anywhere."""

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "simulator-token-not-a-secret-0000"
FROM_NUMBER = "+15125550142"
"""The sender, (512) 555-0142: of the range kept for fiction."""
RESEND_API_KEY = "re_simulator_not_a_secret"
RESEND_WEBHOOK_SECRET = "whsec_c2ltdWxhdG9yLW5vdC1hLXNlY3JldC0wMDAw"
MAIL_FROM = "MBS simulator <mbs@simulator.test>"
