"""Reads a Modbus slave by other hands (pymodbus), and decodes what it holds with Python's struct.

Usage: pymodbus_reader.py tcp|rtu-tcp PORT UNIT, with a JSON list on standard input:
[{"register": "holding" | "coil", "address", "type", "order"}]; answers with a JSON list of texts.
"""

import json
import struct
import sys

from pymodbus.client import ModbusTcpClient
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer

FORMATS = {
    "int16": ">h",
    "uint16": ">H",
    "int32": ">i",
    "uint32": ">I",
    "int64": ">q",
    "uint64": ">Q",
    "float32": ">f",
    "float64": ">d",
}


def decode(words, kind, order):
    raw = [word.to_bytes(2, "big") for word in words]
    if order in ("CDAB", "DCBA"):
        raw.reverse()
    if order in ("BADC", "DCBA"):
        raw = [word[::-1] for word in raw]
    return repr(struct.unpack(FORMATS[kind], b"".join(raw))[0])


def main():
    mode, port, unit = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    framer = ModbusSocketFramer if mode == "tcp" else ModbusRtuFramer
    client = ModbusTcpClient("127.0.0.1", port=port, framer=framer)
    client.connect()
    values = []
    for entry in json.load(sys.stdin):
        if entry["register"] == "coil":
            values.append(repr(client.read_coils(entry["address"], 1, slave=unit).bits[0]))
            continue
        count = struct.calcsize(FORMATS[entry["type"]]) // 2
        answer = client.read_holding_registers(entry["address"], count, slave=unit)
        values.append(decode(answer.registers, entry["type"], entry["order"]))
    client.close()
    json.dump(values, sys.stdout)


main()
