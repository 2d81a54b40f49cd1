# Stand-ins for the base images of ../../Dockerfile, where none can be pulled: laid out like them, never published.
ARG ROOT
FROM ${ROOT} AS python
COPY ca-certificates.crt /etc/ssl/certs/
COPY wheels /tmp/wheels
ENV LANG=C.UTF-8 SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt PIP_CERT=/etc/ssl/certs/ca-certificates.crt
RUN rm /usr/lib/python3.11/EXTERNALLY-MANAGED \
 && PYTHONPATH=$(echo /tmp/wheels/pip-*.whl) python3 -m pip install --no-cache-dir --no-index --find-links /tmp/wheels pip setuptools wheel \
 && rm -r /tmp/wheels \
 && ln -s /usr/bin/python3 /usr/local/bin/python

FROM ${ROOT} AS node
COPY ca-certificates.crt /etc/ssl/certs/
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
