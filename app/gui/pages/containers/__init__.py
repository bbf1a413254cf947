"""The page of containers: a list, a form that runs one, and all there is to see of one."""
