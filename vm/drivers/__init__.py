"""What starts and steers a VM: libvirt, or QEMU directly, behind one interface."""
