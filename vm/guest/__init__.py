"""Links into a running guest: SSH and the agent."""
