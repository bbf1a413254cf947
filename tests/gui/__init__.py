"""Tests of the window, offscreen, against a recorded linnetd and Docker API."""
