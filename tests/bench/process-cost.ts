import { readFileSync } from 'node:fs';

const TICKS_PER_S = 100;

/** What a process costs over some seconds, all its threads: share of one core and largest resident set. */
export async function processCost(
  pid: number,
  seconds: number,
): Promise<{ readonly cpuPercent: number; readonly rssMbMax: number }> {
  const before = cpuSeconds(pid);
  const startMs = performance.now();
  let rssMbMax = 0;
  for (let second = 0; second < seconds; second += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    rssMbMax = Math.max(rssMbMax, rssMb(pid));
  }
  const elapsedS = (performance.now() - startMs) / 1000;
  return { cpuPercent: ((cpuSeconds(pid) - before) / elapsedS) * 100, rssMbMax };
}

/** @returns the largest resident set that the process ever had, MB; null: it has ended. */
export function peakRssMb(pid: number): number | null {
  try {
    const match = /VmHWM:\s+(?<kb>\d+)/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match === null ? null : Number(match.groups?.['kb']) / 1024;
  } catch {
    return null;
  }
}

function rssMb(pid: number): number {
  const match = /VmRSS:\s+(?<kb>\d+)/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.groups?.['kb']) / 1024;
}

/** User and system time of all threads; the command in brackets may hold blanks. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}
