"""linnet-agent: runs in the guest, standard library only."""
