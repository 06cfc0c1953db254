// What a process gives up once it has everything it needs: user, capabilities, files, system calls.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Becomes another user and group (with no further groups), keeping the capability CAP_NET_RAW and no other. With the
/// ids it has already, it only gives capabilities up. Call before there is a second thread. Returns 0 or an error number.
int lepton_drop_privileges(uint32_t user, uint32_t group);

/// Whether this process may open packet sockets.
int lepton_can_capture(void);

/// Keeps CAP_NET_ADMIN alone, for this process and for the programs it starts, and forbids gaining more. 0 or an
/// error number.
int lepton_keep_only_net_admin(void);

/// Gives CAP_NET_ADMIN up for good. Returns 0 or an error number.
int lepton_drop_net_admin(void);

/// Whether the calling thread has CAP_NET_ADMIN in effect.
int lepton_has_net_admin(void);

/// The version of Landlock in this kernel; 0 when there is none.
int lepton_landlock_version(void);

/// Allows this thread, and those it starts, to touch no files but those below the given folders (Landlock): `readable`
/// are read, `writable` also written, created, renamed and removed. Folders that are not there are left out. Returns 0
/// or an error number.
int lepton_confine_files(
    const char *const *readable, size_t readable_count, const char *const *writable, size_t writable_count);

/// Lets this process, all threads, make only the system calls that a capturing process makes; any other fails with
/// EPERM (seccomp). Returns 0 or an error number.
int lepton_confine_calls(void);
