"""A self-signed certificate, whose key is thrown away."""

from __future__ import annotations

CERTIFICATE = b"""-----BEGIN CERTIFICATE-----
MIHuMIGhoAMCAQICAQEwBQYDK2VwMCAxHjAcBgNVBAMMFUxpbm5ldCB0ZXN0IGF1
dGhvcml0eTAgFw0yNjAxMDEwMDAwMDBaGA8yMTI2MDEwMTAwMDAwMFowIDEeMBwG
A1UEAwwVTGlubmV0IHRlc3QgYXV0aG9yaXR5MCowBQYDK2VwAyEAQUkqy6Mn8Avf
9viu4n09pmjuB+d//QTUQ5nLT5FvWZwwBQYDK2VwA0EAVmw9i2dj4ePeq431Tptb
JSYx9eSgXV5y7OocnUud0XjNdHCQ/dg21yscVmmaTslxCUuVXv3cHwsL7ApTL1zN
Bw==
-----END CERTIFICATE-----
"""
