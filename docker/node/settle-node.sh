# Puts Node and libfaketime where the harness looks for them, whatever their packages call the place.
set -eu
node=$(command -v node) || { echo "This base has no node. Use one that has, such as node:22-bookworm-slim." >&2; exit 1; }
[ "$node" = /usr/local/bin/node ] || ln -sf "$node" /usr/local/bin/node
node --input-type=module -e '
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) throw new Error(`This base has Node ${process.version}. 20.19 is the oldest that will do.`);'
mkdir -p /harness/lib /data
ln -sf "$(ls /usr/lib/*/faketime/libfaketimeMT.so.1 | head -n 1)" /harness/lib/libfaketimeMT.so.1
LD_PRELOAD=/harness/lib/libfaketimeMT.so.1 node --version
