"""What the months to come may bring: people's word, what is open by its chance, and what the past says."""

import os

# Before numpy is loaded. Its algebra on a dozen numbers is done a hundred times over before a second thread
# wakes up, and on a busy machine the threads that wait for each other take ten times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
