"""What guards one's account: password, authenticator app, passkeys, recovery codes; for admins, who must."""
