"""One campaign, live: its ledger, its funnel, why texts failed, and each text."""
