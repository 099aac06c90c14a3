using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Hardware.Clocks;

/// <summary>What the kernel knows about the machine's time of day.</summary>
public static partial class KernelClock
{
    /// <summary>Larger than struct timex on any architecture (208 bytes on those with 64 bits).</summary>
    private const int TimexBytes = 512;

    /// <summary>The answer of adjtimex(2) for a clock that nobody keeps right: TIME_ERROR.</summary>
    private const int Unsynchronised = 5;

    /// <summary>
    /// Whether somebody keeps the time of day right: chrony, ntpd and systemd-timesyncd all tell the kernel. Null when it may not be asked: reading needs no right, but a filter of
    /// system calls, such as that of ProtectClock= in a unit, refuses it with the rest of adjtimex(2).
    /// </summary>
    public static bool? IsSynchronised
    {
        get
        {
            Span<byte> timex = stackalloc byte[TimexBytes];
            timex.Clear(); // modes = 0: nothing is changed.
            var state = AdjustTime(ref MemoryMarshal.GetReference(timex));
            return state < 0 ? null : state != Unsynchronised;
        }
    }

    /// <summary>Which start of the machine this is, as the kernel names it; empty when it does not.</summary>
    /// <param name="path">The kernel's file.</param>
    public static string ReadBootId(string path = "/proc/sys/kernel/random/boot_id")
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return ""; // A container that hides it: readings cannot be told apart by starts there.
        }
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int AdjustTime(ref byte timex);
}
