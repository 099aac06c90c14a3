using System.Globalization;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Hardware.Sysfs;

/// <summary>Reads the small text files of sysfs. What goes wrong with them is told as a fault that names the file.</summary>
internal static class SysfsFile
{
    /// <summary>The text without its line end, or null when there is no such file or it cannot be read.</summary>
    public static string? TryReadText(string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd('\n', ' ');
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null; // For names and labels, which are optional; what matters is read with ReadNumber.
        }
    }

    /// <summary>The number in the file.</summary>
    public static Measurement ReadNumber(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path).Trim();
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Measurement.Failed($"{path} is gone.");
        }
        catch (UnauthorizedAccessException)
        {
            return Measurement.Failed($"{path} may not be read by this user.");
        }
        catch (IOException failure)
        {
            // What the driver answers: EIO or ENXIO from a chip that does not respond, ENODATA from one that is not ready.
            return Measurement.Failed($"{path} cannot be read: {failure.Message}");
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? Measurement.Of(number)
            : Measurement.Failed($"{path} holds no number: '{(text.Length > 40 ? text[..40] : text)}'.");
    }

    /// <summary>The last part of where a link leads, such as the name of a device's driver; null when there is no link.</summary>
    public static string? LinkName(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget is { } target ? Path.GetFileName(target.TrimEnd('/')) : null;
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The folders in a class folder such as /sys/class/hwmon, in the order of their numbers; none when the class does not exist.</summary>
    public static IReadOnlyList<string> Devices(string classDirectory)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(classDirectory).OrderBy(NumberOf).ThenBy(path => path, StringComparer.Ordinal)];
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return []; // A kernel without this class of devices, or one that hides it.
        }
    }

    private static int NumberOf(string path)
    {
        var name = Path.GetFileName(path.AsSpan());
        var digits = name.Length - name.TrimEnd("0123456789").Length;
        return int.TryParse(name[^digits..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
    }
}
