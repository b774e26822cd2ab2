"""One customer: profile, conversation, consent, last campaigns."""
