"""A Modbus slave by other hands (pymodbus), holding values written by Python's struct.

Usage: pymodbus_server.py tcp PORT | rtu-tcp PORT | serial PATH, with a JSON description on standard input:
{"units": {"7": {"holding": [{"address", "type", "order", "value"}], "input": [...],
                 "coil": {"address": true}, "discrete": {...}}}}
Addresses that hold nothing answer with «illegal data address».
"""

import asyncio
import json
import logging
import struct
import sys

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.server import StartAsyncSerialServer, StartAsyncTcpServer
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


def encode(entry):
    """The registers of one value, in the order in which they lie in the device."""
    kind, value, order = entry["type"], entry["value"], entry["order"]
    if kind == "string":
        raw = value.encode("utf-8")
        raw += b"\0" * (-len(raw) % 2)
        words = [raw[i : i + 2] for i in range(0, len(raw), 2)]
    else:
        number = float(value) if kind.startswith("float") else int(value)
        raw = struct.pack(FORMATS[kind], number)
        words = [raw[i : i + 2] for i in range(0, len(raw), 2)]
        if order in ("CDAB", "DCBA"):
            words.reverse()
    if order in ("BADC", "DCBA"):
        words = [word[::-1] for word in words]
    return [int.from_bytes(word, "big") for word in words]


def registers(entries):
    block = {}
    for entry in entries:
        for offset, word in enumerate(encode(entry)):
            block[entry["address"] + offset] = word
    # pymodbus refuses an empty table; this address is never read.
    return ModbusSparseDataBlock(block or {65535: 0})


def bits(entries):
    block = {int(address): value for address, value in entries.items()}
    return ModbusSparseDataBlock(block or {65535: False})


def slave(unit):
    return ModbusSlaveContext(
        di=bits(unit.get("discrete", {})),
        co=bits(unit.get("coil", {})),
        hr=registers(unit.get("holding", [])),
        ir=registers(unit.get("input", [])),
        zero_mode=True,
    )


async def main():
    mode, where = sys.argv[1], sys.argv[2]
    units = json.load(sys.stdin)["units"]
    context = ModbusServerContext(
        slaves={int(unit): slave(parts) for unit, parts in units.items()}, single=False
    )
    if mode == "serial":
        await StartAsyncSerialServer(
            context=context, framer=ModbusRtuFramer, port=where, baudrate=19200, ignore_missing_slaves=True
        )
    else:
        framer = ModbusSocketFramer if mode == "tcp" else ModbusRtuFramer
        await StartAsyncTcpServer(
            context=context,
            framer=framer,
            address=("127.0.0.1", int(where)),
            ignore_missing_slaves=True,
            allow_reuse_address=True,
        )


# Each refused read is an error to pymodbus; here refusals are what is tested.
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)
asyncio.run(main())
