"""SSH into the guest, with an asyncio face. The only package that imports paramiko."""
