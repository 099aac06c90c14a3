using System.Runtime.InteropServices;
using System.Text;

namespace Kuzzle.Edge.Hardware.Kernel;

/// <summary>The calls, made.</summary>
internal sealed unsafe partial class LinuxKernel : IKernel
{
    private const int ReadWrite = 0x2;
    private const int WriteOnly = 0x1;
    private const int CloseOnExec = 0x80000;
    private const uint I2cTransfer = 0x0707;
    private const uint I2cSmbus = 0x0720;

    public int Open(string path)
    {
        int answer;
        do answer = Answer(open(path, ReadWrite | CloseOnExec));
        while (answer == -Errno.Interrupted);
        return answer;
    }

    public int Close(int descriptor) => Answer(close(descriptor)); // Never again after a signal: on Linux the descriptor is gone all the same.

    public int Control(int descriptor, uint request, Span<byte> argument)
    {
        fixed (byte* pointer = argument) return ControlNumber(descriptor, request, (nint)pointer);
    }

    public int ControlNumber(int descriptor, uint request, nint argument)
    {
        int answer;
        do answer = Answer(ioctl(descriptor, request, argument));
        while (answer == -Errno.Interrupted);
        return answer;
    }

    public int TransferI2c(int descriptor, int address, ReadOnlySpan<byte> write, Span<byte> read)
    {
        fixed (byte* written = write, filled = read)
        {
            var messages = stackalloc I2cMessage[2];
            var count = 0u;
            if (write.Length > 0) messages[count++] = new I2cMessage { Address = (ushort)address, Length = (ushort)write.Length, Buffer = written };
            if (read.Length > 0) messages[count++] = new I2cMessage { Address = (ushort)address, Flags = I2cMessage.Reading, Length = (ushort)read.Length, Buffer = filled };

            var argument = new I2cTransferArgument { Messages = messages, Count = count };

            // Not again after a signal: the chip may have taken the write.
            return Answer(ioctl(descriptor, I2cTransfer, (nint)(&argument)));
        }
    }

    public int TransferSmbus(int descriptor, bool isRead, byte command, uint kind, Span<byte> data)
    {
        fixed (byte* pointer = data)
        {
            var argument = new SmbusArgument { IsRead = isRead ? (byte)1 : (byte)0, Command = command, Kind = kind, Data = pointer };
            return Answer(ioctl(descriptor, I2cSmbus, (nint)(&argument)));
        }
    }

    public int Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            int answer;
            do answer = Answer((int)read(descriptor, pointer, (nuint)buffer.Length));
            while (answer == -Errno.Interrupted);
            return answer;
        }
    }

    public int Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* pointer = bytes)
        {
            int answer;
            do answer = Answer((int)write(descriptor, pointer, (nuint)bytes.Length));
            while (answer == -Errno.Interrupted);
            return answer;
        }
    }

    public int Poll(Span<PollEntry> entries, int milliseconds)
    {
        fixed (PollEntry* pointer = entries)
        {
            var answer = Answer(poll(pointer, (nuint)entries.Length, milliseconds));
            return answer == -Errno.Interrupted ? 0 : answer; // Whoever waits looks at the clock again.
        }
    }

    public int CreateWakeup() => Answer(eventfd(0, CloseOnExec));

    public int WriteFile(string path, string text)
    {
        var descriptor = Answer(open(path, WriteOnly | CloseOnExec));
        if (descriptor < 0) return descriptor;

        var written = Write(descriptor, Encoding.ASCII.GetBytes(text));
        _ = close(descriptor);
        return written;
    }

    public void Pause(TimeSpan time)
    {
        // poll(2) of nothing: a chip's conversion time is not a matter of the process's clock, and this thread belongs to the one who asked.
        if (time > TimeSpan.Zero) _ = poll(null, 0, (int)Math.Min(Math.Ceiling(time.TotalMilliseconds), int.MaxValue));
    }

    private static int Answer(int result) => result < 0 ? -Marshal.GetLastPInvokeError() : result;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int close(int descriptor);

    // Variadic in C; on Linux, x86-64 and arm64 pass the third argument as they would a named one.
    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ioctl(int descriptor, nuint request, nint argument);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint write(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int eventfd(uint initial, int flags);
}
