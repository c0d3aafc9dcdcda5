# What a holder has more than a node: iptables and tc, from Debian's packages.
ARG BASE
FROM ${BASE}
COPY root/ /
RUN ["/bin/sh", "/harness/install.sh", "iptables", "iproute2"]
RUN ["/bin/sh", "/harness/try-tools.sh"]
