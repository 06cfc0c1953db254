// libpcap, as the Capture target sees it: BPF compilation now, live capture later.
#pragma once
#include <pcap/pcap.h>
