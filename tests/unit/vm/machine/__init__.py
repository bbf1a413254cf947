"""Tests of vm.machine."""
