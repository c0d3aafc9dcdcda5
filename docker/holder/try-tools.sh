# While the image is built: every tool starts, so no library is missing. What the kernel can do is another question,
# and asking it takes NET_ADMIN, which a build does not have: harness doctor asks.
set -eu
tc -V
for kind in -nft -legacy ''; do
  if command -v "iptables$kind-restore" >/dev/null; then
    "iptables$kind-restore" --version
    found=yes
  fi
done
[ "${found:-no}" = yes ] || { echo 'There is no iptables.' >&2; exit 1; }
