"""Podman's pods and Kubernetes files."""
