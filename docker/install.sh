# install.sh PACKAGE...: from the distribution's packages, those that are not there yet.
set -eu
missing=
for package in "$@"; do
  dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
command -v apt-get >/dev/null || { echo "This base is no Debian and lacks$missing." >&2; exit 1; }
# Short limits: a machine without a way to the packages should hear so soon, and try another base.
limits='-o Acquire::http::Timeout=10 -o Acquire::https::Timeout=10 -o Acquire::Retries=1'
apt-get $limits -o APT::Update::Error-Mode=any update -q
DEBIAN_FRONTEND=noninteractive apt-get $limits install -q -y --no-install-recommends $missing
rm -rf /var/lib/apt/lists/*
