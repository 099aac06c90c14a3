using System.Globalization;
using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Hardware.Kernel;

/// <summary>Error numbers of Linux, the same on every processor this runs on.</summary>
internal static class Errno
{
    public const int NotPermitted = 1; // EPERM
    public const int NoEntry = 2; // ENOENT
    public const int Interrupted = 4; // EINTR
    public const int Io = 5; // EIO
    public const int NoDeviceOrAddress = 6; // ENXIO
    public const int BadDescriptor = 9; // EBADF
    public const int Again = 11; // EAGAIN
    public const int Access = 13; // EACCES
    public const int Busy = 16; // EBUSY
    public const int Exists = 17; // EEXIST
    public const int NoDevice = 19; // ENODEV
    public const int NotDirectory = 20; // ENOTDIR
    public const int Invalid = 22; // EINVAL
    public const int NotTerminal = 25; // ENOTTY
    public const int NotSupported = 95; // EOPNOTSUPP
    public const int TimedOut = 110; // ETIMEDOUT
    public const int RemoteIo = 121; // EREMOTEIO

    /// <summary>The kernel's words and number, for the end of a sentence. Takes the error as it was answered, negative.</summary>
    public static string Describe(int answer) => string.Create(CultureInfo.InvariantCulture, $"{Marshal.GetPInvokeErrorMessage(-answer)} (error {-answer})");

    /// <summary>A fault of the kind that the error usually means.</summary>
    public static HardwareFault Fault(int answer, string what) => new(KindOf(answer), $"{what}: {Describe(answer)}.");

    private static HardwareFaultKind KindOf(int answer) => -answer switch
    {
        NoEntry or NoDevice or NoDeviceOrAddress or NotDirectory => HardwareFaultKind.NotFound,
        NotPermitted or Access => HardwareFaultKind.NotAllowed,
        Busy => HardwareFaultKind.Busy,
        TimedOut => HardwareFaultKind.TimedOut,
        NotSupported or NotTerminal => HardwareFaultKind.NotSupported,
        BadDescriptor => HardwareFaultKind.Closed,
        _ => HardwareFaultKind.Failed,
    };
}
