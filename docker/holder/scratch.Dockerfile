# What a holder has more than a node: the iptables and tc of the machine that harness runs on, with their libraries.
ARG BASE
FROM ${BASE}
COPY root/ /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
RUN ["/bin/sh", "/harness/try-tools.sh"]
