"""The processes: what they use, and whether they keep anybody waiting."""

from typing import Final

from baton.ops.panel import Dashboard, Panel, Query, Row
from baton.ops.queries import of, quantiles, rate

PROCESS: Final = Dashboard(
    uid="baton-process",
    title="Baton: processes",
    about="Processor, memory and waiting, process by process.",
    rows=(
        Row(
            "What they use",
            (
                Panel(
                    title="Processor",
                    healthy="1 is one core. Healthy: below 1; a process does most of its work on one core.",
                    unit="short",
                    queries=(
                        Query(
                            rate("process_cpu_seconds_total", "service, instance"), "{{service}} {{instance}}"
                        ),
                    ),
                    colours=((0.9, "red"),),
                ),
                Panel(
                    title="Memory",
                    healthy="Resident. Healthy: level after the first hours; what grows for days is a leak.",
                    unit="bytes",
                    queries=(Query(of("process_resident_memory_bytes"), "{{service}} {{instance}}"),),
                ),
                Panel(
                    title="Open files and connections",
                    healthy="Of what the system allows. Healthy: far below 1.",
                    unit="percentunit",
                    queries=(
                        Query(
                            f"{of('process_open_fds')} / {of('process_max_fds')}", "{{service}} {{instance}}"
                        ),
                    ),
                    colours=((0.8, "red"),),
                ),
                Panel(
                    title="Running for",
                    healthy="Healthy: since the last deployment. A saw is a process that crashes.",
                    unit="s",
                    queries=(
                        Query(f"time() - {of('process_start_time_seconds')}", "{{service}} {{instance}}"),
                    ),
                ),
            ),
        ),
        Row(
            "Whether they keep anybody waiting",
            (
                Panel(
                    title="Delay of the event loop",
                    healthy="How late the loop gets to what is due. Healthy: 99 of 100 below 0.1 s.",
                    unit="s",
                    queries=quantiles("baton_event_loop_delay_seconds", "service, instance"),
                    colours=((0.1, "yellow"), (0.25, "red")),
                ),
                Panel(
                    title="Versions",
                    healthy="Healthy: one, but during a rolling restart.",
                    unit="none",
                    queries=(Query(f"count by (service, version, python) ({of('baton_build_info')})", ""),),
                    kind="table",
                ),
            ),
        ),
    ),
)
