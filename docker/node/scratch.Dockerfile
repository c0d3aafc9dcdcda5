# Node and libfaketime of the machine that harness runs on, with their shared libraries and nothing else.
FROM scratch
COPY root/ /
# Fails here, and not in the first run, if a library was missed.
RUN ["/usr/local/bin/node", "--version"]
