using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Backups;

namespace Kuzzle.Edge.Updates;

/// <summary>What the command line and the API do alike.</summary>
internal static class UpdateSteps
{
    /// <summary>In the folder of the data: downloads, and the wish for a restart.</summary>
    private const string Folder = "updates";

    /// <summary>The image's <c>kuzzle-edge-restart.path</c> waits for this file: the gateway itself may not restart the box.</summary>
    private const string RestartFile = "restart";

    /// <summary>Fetches, installs, and asks for a restart if that was ordered.</summary>
    /// <exception cref="UpdateException">It was refused or failed; the running system is as it was.</exception>
    public static async Task InstallAsync(Rauc rauc, UpdateOrder order, string storage, TimeProvider clock, Action<UpdateProgress> progress, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(storage, Folder);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(30), MaxAutomaticRedirections = 5 });
        var bundle = await new UpdateDownload(client, folder, clock).FetchAsync(order, progress, cancellationToken);

        // Readable for RAUC's service, which is not of this user; there is no secret in an update.
        File.SetUnixFileMode(bundle, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        progress(new UpdateProgress("installing", 0, ""));
        try
        {
            await rauc.InstallAsync(bundle, progress, cancellationToken);
        }
        finally
        {
            // Refused or installed, it is not needed any more; a break of the line is over before this.
            File.Delete(bundle);
            File.Delete($"{bundle}.tag");
        }

        if (order.Restarts) AskForRestart(storage);
    }

    /// <summary>Makes the other slot the next one, and asks for a restart.</summary>
    /// <exception cref="UpdateException">The other slot is not to be started.</exception>
    public static async Task RollBackAsync(Rauc rauc, string storage, CancellationToken cancellationToken)
    {
        var status = await rauc.StatusAsync(cancellationToken);
        if (status.Slots.FirstOrDefault(slot => !slot.IsBooted) is not { IsGood: true })
        {
            throw new UpdateException(ExitCode.Usage, "there is nothing to go back to: the other slot is empty, or what it holds did not come up");
        }

        // The boot loader is told nothing that the box would not do: what asks for the restart is on the disk before, under another name.
        var wish = PrepareRestart(storage);
        try
        {
            await rauc.ActivateOtherAsync(cancellationToken);
        }
        catch
        {
            File.Delete(wish);
            throw;
        }

        File.Move(wish, RestartPath(storage), overwrite: true);
    }

    /// <summary>Asks the image to restart the box.</summary>
    public static void AskForRestart(string storage) => File.Move(PrepareRestart(storage), RestartPath(storage), overwrite: true);

    /// <summary>Makes the folder, and gives it with all in it to whom the data belong: root updates by the command line, and the gateway by its API must be able to do so afterwards.</summary>
    /// <param name="folder">Below that of the data.</param>
    public static void MakeFolder(string folder)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        FileOwner.Copy(Path.GetDirectoryName(Path.GetFullPath(folder))!, folder);
    }

    private static string PrepareRestart(string storage)
    {
        MakeFolder(Path.Combine(storage, Folder));
        var wish = $"{RestartPath(storage)}.new";
        File.WriteAllText(wish, "");
        return wish;
    }

    private static string RestartPath(string storage) => Path.Combine(storage, Folder, RestartFile);
}
