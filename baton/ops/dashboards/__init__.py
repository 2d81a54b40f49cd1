"""The dashboards, from what people feel down to the processes."""

from typing import Final

from baton.ops.dashboards.event_path import EVENT_PATH
from baton.ops.dashboards.handoffs import HANDOFFS
from baton.ops.dashboards.overview import OVERVIEW
from baton.ops.dashboards.process import PROCESS
from baton.ops.dashboards.write_side import WRITE_SIDE

DASHBOARDS: Final = (OVERVIEW, WRITE_SIDE, EVENT_PATH, HANDOFFS, PROCESS)
