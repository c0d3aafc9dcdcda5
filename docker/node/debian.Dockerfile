# A Debian with Node, and libfaketime from its packages. BASE is what --base says, or the registry's image of Node.
ARG BASE
FROM ${BASE}
COPY root/ /
RUN ["/bin/sh", "/harness/install.sh", "libfaketime"]
RUN ["/bin/sh", "/harness/settle-node.sh"]
