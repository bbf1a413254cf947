"""Guest images: recipe, build, store, catalogue, download.

An image is a folder `<version>-<arch>/` with `system.img`, `kernel`, `initrd` and `manifest.json`. `build` makes one
from `resources/guest`, `fetch` downloads one, `store` keeps them. Nothing here prints; progress goes to a callback.
"""
