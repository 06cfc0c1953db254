"""rsyslog and syslog-ng on loopback, with certificates of an own authority."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time


def make_certificates(folder):
    """An authority, a server of localhost, a client, and another authority that signed none of them."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    for name in ("ca", "other"):
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}", "-keyout", f"{name}.key",
                "-out", f"{name}.pem", "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=keyCertSign")
    for name, subject in (("server", "DNS:localhost,IP:127.0.0.1"), ("client", "DNS:probe-1")):
        (folder / f"{name}.ext").write_text(f"subjectAltName={subject}\nextendedKeyUsage=serverAuth,clientAuth\n")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
                "-extfile", f"{name}.ext", "-out", f"{name}.pem")
    return folder


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Receiver:
    """A daemon that writes what it receives as JSON, a file for each way in."""

    name = ""

    def __init__(self, folder, certificates):
        folder.mkdir()
        self.folder = folder
        self.certificates = certificates
        self.tcp, self.tls, self.udp = free_port(), free_port(), free_port()
        self.process = None

    def start(self):
        self.process = self.launch()
        for port in (self.tcp, self.tls):
            for _ in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            else:
                sys.exit(f"verify-outputs: {self.name} does not listen; see {self.folder}/log")

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process = None

    def stop(self):
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None

    def forget(self):
        """Begins new files."""
        self.stop()
        for path in self.folder.glob("*.json"):
            path.unlink()
        self.start()

    def received(self, way):
        path = self.folder / f"{way}.json"
        if not path.exists():
            return []
        messages = []
        for line in path.read_text(errors="replace").splitlines():
            try:
                messages.append(self.read(json.loads(line)))
            except ValueError:
                continue
        return messages

    def read(self, value):
        return value

    def wait(self, way):
        """What has been received once nothing more comes."""
        count = -1
        while True:
            messages = self.received(way)
            if len(messages) == count:
                return messages
            count = len(messages)
            time.sleep(3)


class Rsyslog(Receiver):
    name = "rsyslog"

    def launch(self):
        certificates = self.certificates
        rules = "".join(
            f'ruleset(name="{way}") {{ action(type="omfile" file="{self.folder}/{way}.json" template="json") }}\n'
            for way in ("tcp", "tls", "udp"))
        (self.folder / "conf").write_text(f"""
global(workDirectory="{self.folder}" maxMessageSize="64k" defaultNetstreamDriverCAFile="{certificates}/ca.pem"
       defaultNetstreamDriverCertFile="{certificates}/server.pem" defaultNetstreamDriverKeyFile="{certificates}/server.key")
module(load="imtcp" maxSessions="100")
module(load="imudp")
template(name="json" type="list" option.jsonf="on") {{
  property(outname="host" name="hostname" format="jsonf")
  property(outname="app" name="app-name" format="jsonf")
  property(outname="type" name="msgid" format="jsonf")
  property(outname="structured" name="structured-data" format="jsonf")
  property(outname="msg" name="msg" format="jsonf")
}}
{rules}
input(type="imtcp" address="127.0.0.1" port="{self.tcp}" ruleset="tcp")
input(type="imtcp" address="127.0.0.1" port="{self.tls}" ruleset="tls" streamDriver.name="gtls" streamDriver.mode="1"
      streamDriver.authMode="x509/certvalid")
input(type="imudp" address="127.0.0.1" port="{self.udp}" ruleset="udp")
""")
        log = open(self.folder / "log", "a", encoding="utf-8")
        return subprocess.Popen(["rsyslogd", "-n", "-f", str(self.folder / "conf"), "-i", str(self.folder / "pid")],
                                stdout=log, stderr=log)

    def read(self, value):
        value["id"] = value["structured"].split('id="')[1].split('"')[0]
        value["msg"] = value["msg"].removeprefix(" ")
        return value


class SyslogNG(Receiver):
    """syslog-ng. Debian installs one syslog daemon at a time, so its package is unpacked beside."""

    name = "syslog-ng"

    def __init__(self, folder, certificates):
        super().__init__(folder, certificates)
        self.root = pathlib.Path("/")
        if not shutil.which("syslog-ng"):
            self.root = folder / "root"
            subprocess.run(["apt-get", "download", "-qq", "syslog-ng-core"], cwd=folder, check=True, capture_output=True)
            package = next(folder.glob("syslog-ng-core*.deb"))
            subprocess.run(["dpkg-deb", "-x", str(package), str(self.root)], check=True)
        libraries = self.root / "usr/lib/syslog-ng"
        self.modules = next(libraries.glob("[0-9]*"))
        self.environment = {**os.environ, "LD_LIBRARY_PATH": str(libraries)}

    def launch(self):
        certificates = self.certificates
        fields = {"host": "$HOST", "app": "$PROGRAM", "type": "$MSGID", "id": "${.SDATA.leptonnet@32473.id}", "msg": "$MESSAGE"}
        entry = " ".join(f'{key}=\\"{value}\\"' for key, value in fields.items())
        logs = "".join(
            f'log {{ source(s_{way}); destination {{ file("{self.folder}/{way}.json" template("$(format-json {entry})\\n")); }}; flags(flow-control); }};\n'
            for way in ("tcp", "tls", "udp"))
        (self.folder / "conf").write_text(f"""@version: {self.modules.name}
options {{ keep-hostname(yes); log-msg-size(65536); log-fifo-size(200000); use-dns(no); }};
source s_tcp {{ syslog(ip("127.0.0.1") port({self.tcp}) transport("tcp") max-connections(100)); }};
source s_tls {{ syslog(ip("127.0.0.1") port({self.tls}) transport("tls") max-connections(100)
    tls(key-file("{certificates}/server.key") cert-file("{certificates}/server.pem") ca-file("{certificates}/ca.pem")
        peer-verify(required-trusted))); }};
source s_udp {{ syslog(ip("127.0.0.1") port({self.udp}) transport("udp") so-rcvbuf(4194304)); }};
{logs}""")
        log = open(self.folder / "log", "a", encoding="utf-8")
        return subprocess.Popen(
            [shutil.which("syslog-ng") or str(self.root / "usr/sbin/syslog-ng"), "-F", "--no-caps", "--stderr",
             "-f", str(self.folder / "conf"), "-R", str(self.folder / "persist"), "-c", str(self.folder / "ctl"),
             "-p", str(self.folder / "pid"), f"--module-path={self.modules}"],
            stdout=log, stderr=log, env=self.environment)
