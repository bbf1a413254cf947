"""Host folders in the guest: virtiofs, 9p and sftp behind one interface."""
