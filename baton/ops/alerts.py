"""Every alert there is."""

from collections.abc import Sequence
from typing import Final

from baton.ops.alert import Alert
from baton.ops.burn_rate import burn_alerts
from baton.ops.causes import CAUSES
from baton.ops.gaps import GAPS
from baton.ops.slos import SLOS

ALERTS: Final[Sequence[Alert]] = (*(it for slo in SLOS for it in burn_alerts(slo)), *GAPS, *CAUSES)
