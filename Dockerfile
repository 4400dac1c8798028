# The program alone on a small base, not as root:
#
#   docker build -t retro .
#   docker run --rm -v "$PWD:/work" --user "$(id -u):$(id -g)" retro ingest reports
#   docker run --rm -v "$PWD:/work" --user "$(id -u):$(id -g)" retro report --format html -o report.html

FROM rust:1.95-slim-bookworm AS build
WORKDIR /source
COPY . .
RUN cargo install --locked --path . --root /built

FROM debian:bookworm-slim
COPY --from=build /built/bin/retro /usr/local/bin/retro
WORKDIR /work
USER 65534:65534
ENTRYPOINT ["retro"]
CMD ["--help"]
