"""Kubernetes YAML without Kubernetes: `kube play` of a pod, and down."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.vm import supplies
from tests.vm.product import Product
from vm.ports import free_port

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: sparrow
spec:
  terminationGracePeriodSeconds: 1
  initContainers:
    - name: writer
      image: localhost/{image}
      imagePullPolicy: Never
      command: ["sh", "-c", "echo from the pod > /pages/index.html"]
      volumeMounts: [{{name: pages, mountPath: /pages}}]
  containers:
    - name: web
      image: localhost/{image}
      imagePullPolicy: Never
      command: ["httpd", "-f", "-p", "8080", "-h", "/pages"]
      ports: [{{containerPort: 8080, hostPort: {port}}}]
      volumeMounts: [{{name: pages, mountPath: /pages}}]
    - name: idler
      image: localhost/{image}
      imagePullPolicy: Never
      command: ["sleep", "1000"]
  volumes:
    - name: pages
      emptyDir: {{}}
"""


@pytest.mark.parametrize("product", ["libvirt"], indirect=True)
def test_pod_up_and_down(product: Product, folder: Path) -> None:
    image, port = supplies.need_busybox(product), free_port()
    (folder / "pod.yaml").write_text(POD.format(image=image, port=port))
    product.ok("kube", "play", "pod.yaml", cwd=folder)
    try:
        assert product.ok("pod", "ps", "--format", "{{.Name}} {{.Status}}") == "sparrow Running\n"
        assert supplies.fetch(f"http://127.0.0.1:{port}/") == "from the pod\n"
    finally:
        product.ok("kube", "down", "pod.yaml", cwd=folder)
    assert product.ok("ps", "--all", "--quiet", "--filter", "pod=sparrow") == ""
    assert product.ok("pod", "ps", "--quiet") == ""
