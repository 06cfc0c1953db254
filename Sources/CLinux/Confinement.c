// Privileges, Landlock and seccomp by their system calls: no library is needed for what is asked once.
#define _GNU_SOURCE
#include "Confinement.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// MARK: Capabilities

static int read_capabilities(struct __user_cap_data_struct data[2]) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    memset(data, 0, 2 * sizeof *data);
    return syscall(SYS_capget, &header, data) == 0 ? 0 : errno;
}

static int write_capabilities(const struct __user_cap_data_struct data[2]) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    return syscall(SYS_capset, &header, data) == 0 ? 0 : errno;
}

static int has_capability(int capability) {
    struct __user_cap_data_struct data[2];
    return read_capabilities(data) == 0 && (data[0].effective >> capability & 1) != 0;
}

// The bounding set can be narrowed only with CAP_SETPCAP, so before it is gone; without it no_new_privs has to do.
static void narrow_bounding_set(int kept) {
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++) {
        if (capability != kept) (void)prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    }
}

int lepton_can_capture(void) { return has_capability(CAP_NET_RAW); }

int lepton_has_net_admin(void) { return has_capability(CAP_NET_ADMIN); }

int lepton_drop_privileges(uint32_t user, uint32_t group) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    narrow_bounding_set(CAP_NET_RAW);
    if (user != geteuid() || group != getegid()) {
        if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) return errno;
        if (setgroups(0, NULL) != 0) return errno;
        if (setresgid(group, group, group) != 0) return errno;
        if (setresuid(user, user, user) != 0) return errno;
        if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) != 0) return errno;
    }
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    const uint32_t bit = 1u << CAP_NET_RAW;
    struct __user_cap_data_struct data[2];
    // A service manager may have left just this one, and no right to ask.
    if (read_capabilities(data) == 0 && (data[0].permitted & ~bit) == 0 && data[1].permitted == 0) return 0;
    memset(data, 0, sizeof data);
    data[0].effective = data[0].permitted = bit;
    return write_capabilities(data);
}

int lepton_keep_only_net_admin(void) {
    narrow_bounding_set(CAP_NET_ADMIN);
    struct __user_cap_data_struct data[2] = {{0}};
    data[0].effective = data[0].permitted = data[0].inheritable = 1u << CAP_NET_ADMIN;
    const int code = write_capabilities(data);
    if (code != 0) return code;
    // Programs that it starts have it too.
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN, 0, 0) != 0) return errno;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno;
}

int lepton_drop_net_admin(void) {
    const uint32_t bit = 1u << CAP_NET_ADMIN;
    (void)prctl(PR_CAPBSET_DROP, CAP_NET_ADMIN, 0, 0, 0);
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, CAP_NET_ADMIN, 0, 0);
    struct __user_cap_data_struct data[2];
    int code = read_capabilities(data);
    if (code != 0) return code;
    data[0].effective &= ~bit;
    data[0].permitted &= ~bit;
    data[0].inheritable &= ~bit;
    code = write_capabilities(data);
    if (code != 0) return code;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno;
}

// MARK: Landlock

int lepton_landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version < 0 ? 0 : (int)version;
}

static const uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t writing = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE
    | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_DIR;
// All rights of the first version, so that what is not listed is forbidden.
static const uint64_t handled = (1ULL << 13) - 1;
// Renaming between folders (second version) and truncating (third) have rights of their own.
static const uint64_t refer_right = 1ULL << 13, truncate_right = 1ULL << 14;

static int allow(int ruleset, const char *path, uint64_t rights) {
    int folder = open(path, O_PATH | O_CLOEXEC);
    if (folder < 0) return errno == ENOENT ? 0 : errno;
    struct stat status;
    if (fstat(folder, &status) == 0 && !S_ISDIR(status.st_mode)) {
        rights &= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | truncate_right;
    }
    struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = folder};
    long result = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    int code = result == 0 ? 0 : errno;
    close(folder);
    return code;
}

int lepton_confine_files(
    const char *const *readable, size_t readable_count, const char *const *writable, size_t writable_count) {
    int version = lepton_landlock_version();
    if (version == 0) return EOPNOTSUPP;
    uint64_t further = (version >= 2 ? refer_right : 0) | (version >= 3 ? truncate_right : 0);
    struct landlock_ruleset_attr attributes = {.handled_access_fs = handled | further};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes.handled_access_fs, 0);
    if (ruleset < 0) return errno;
    int code = 0;
    for (size_t place = 0; place < readable_count && code == 0; place++) {
        code = allow(ruleset, readable[place], reading);
    }
    for (size_t place = 0; place < writable_count && code == 0; place++) {
        code = allow(ruleset, writable[place], reading | writing | further);
    }
    if (code == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) code = errno;
    if (code == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) code = errno;
    close(ruleset);
    return code;
}

// MARK: seccomp

#if defined(__x86_64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

// What the program, its run-time library and libpcap call once they have started. Calls that some architectures lack
// are named only where they exist.
static const int allowed[] = {
    // Bytes and files.
    SYS_read, SYS_readv, SYS_pread64, SYS_write, SYS_writev, SYS_pwrite64, SYS_close, SYS_lseek, SYS_openat,
    SYS_newfstatat, SYS_fstat, SYS_statx, SYS_statfs, SYS_fstatfs, SYS_faccessat, SYS_faccessat2, SYS_readlinkat,
    SYS_getdents64, SYS_getcwd, SYS_ftruncate, SYS_fsync, SYS_fdatasync, SYS_fchmod, SYS_fchmodat, SYS_fchown,
    SYS_fchownat, SYS_renameat, SYS_renameat2, SYS_unlinkat, SYS_mkdirat, SYS_umask, SYS_dup, SYS_dup3, SYS_pipe2,
    SYS_fcntl, SYS_ioctl, SYS_flock,
    // Memory; executable memory is refused below.
    SYS_mmap, SYS_mprotect, SYS_munmap, SYS_mremap, SYS_madvise, SYS_brk, SYS_membarrier,
    // Threads, signals, time; clone is looked at below.
    SYS_clone, SYS_exit, SYS_exit_group, SYS_futex, SYS_set_robust_list, SYS_get_robust_list, SYS_rseq,
    SYS_set_tid_address, SYS_sched_yield, SYS_sched_getaffinity, SYS_sched_setaffinity, SYS_gettid, SYS_getpid,
    SYS_getppid, SYS_tgkill, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigtimedwait,
    SYS_sigaltstack, SYS_restart_syscall, SYS_nanosleep, SYS_clock_nanosleep, SYS_clock_gettime, SYS_clock_getres,
    SYS_gettimeofday, SYS_getrandom, SYS_getrusage, SYS_times, SYS_prlimit64, SYS_sysinfo, SYS_uname, SYS_prctl,
    SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_capget,
    // The enforcement helper, which was started before, is waited for at the end.
    SYS_wait4,
    // Waiting.
    SYS_ppoll, SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait, SYS_eventfd2, SYS_signalfd4, SYS_timerfd_create,
    SYS_timerfd_settime, SYS_pselect6,
    // Sockets.
    SYS_socket, SYS_socketpair, SYS_bind, SYS_listen, SYS_accept4, SYS_accept, SYS_connect, SYS_shutdown, SYS_sendto,
    SYS_recvfrom, SYS_sendmsg, SYS_sendmmsg, SYS_recvmsg, SYS_recvmmsg, SYS_setsockopt, SYS_getsockopt,
    SYS_getsockname, SYS_getpeername,
#if defined(__x86_64__)
    SYS_open, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_rename, SYS_unlink, SYS_mkdir, SYS_chmod, SYS_poll,
    SYS_select, SYS_epoll_wait, SYS_dup2, SYS_pipe, SYS_time, SYS_arch_prctl, SYS_eventfd, SYS_getdents,
#endif
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

int lepton_confine_calls(void) {
#ifndef THIS_ARCHITECTURE
    return EOPNOTSUPP;
#else
    struct sock_filter program[24 + 2 * COUNT(allowed)];
    size_t used = 0;
    const uint32_t call = offsetof(struct seccomp_data, nr);
    const uint32_t architecture = offsetof(struct seccomp_data, arch);
    const uint32_t argument = offsetof(struct seccomp_data, args);
#define EMIT(...) program[used++] = (struct sock_filter)__VA_ARGS__
#define LOAD(offset) EMIT(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (offset)))
#define RETURN(value) EMIT(BPF_STMT(BPF_RET | BPF_K, (value)))
    LOAD(architecture);
    EMIT(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCHITECTURE, 1, 0));
    RETURN(SECCOMP_RET_KILL_PROCESS);
    LOAD(call);
    // A C library that is told clone3 does not exist falls back to clone, whose flags a filter can see.
    EMIT(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1));
    RETURN(SECCOMP_RET_ERRNO | ENOSYS);
    // Threads, but no processes.
    EMIT(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4));
    LOAD(argument);
    EMIT(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1));
    RETURN(SECCOMP_RET_ALLOW);
    RETURN(SECCOMP_RET_ERRNO | EPERM);
    // No executable memory.
    EMIT(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 1, 0));
    EMIT(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 4));
    LOAD(argument + 2 * sizeof(uint64_t));
    EMIT(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1));
    RETURN(SECCOMP_RET_ERRNO | EPERM);
    LOAD(call);
    for (size_t place = 0; place < COUNT(allowed); place++) {
        EMIT(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)allowed[place], 0, 1));
        RETURN(SECCOMP_RET_ALLOW);
    }
    RETURN(SECCOMP_RET_ERRNO | EPERM);
    struct sock_fprog filter = {.len = (unsigned short)used, .filter = program};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter) == 0 ? 0 : errno;
#endif
}
