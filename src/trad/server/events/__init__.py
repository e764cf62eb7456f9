"""The stream of events: from the ledger's rows to every client that listens."""
