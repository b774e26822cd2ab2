"""From a launched campaign to settled books: launch → snapshot → claim → send → settle → receipts → reconcile."""
