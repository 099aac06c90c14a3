using System.Text;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>A file that is there as it was or as it shall be, whenever the power goes.</summary>
internal static class DurableFile
{
    /// <summary>Writes beside it, waits for the disk, and takes its place.</summary>
    public static void Write(string path, string text, UnixFileMode mode)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = path + ".new";
        File.Delete(beside); // It may be left from a power cut, with another mode.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode, BufferSize = 0 };
        using (var file = new FileStream(beside, options))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }
}
