using Kuzzle.Edge.Updates;

namespace Kuzzle.Edge.Tests.Updates;

/// <summary>Another program that is asked by its command line.</summary>
public sealed class RaucTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kuzzle-edge-rauc-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Its_progress_is_heard_and_its_arguments_are_never_a_shell_s()
    {
        var rauc = Fake("""echo installing; echo "  0% Installing"; echo " 40% Updating slots $2"; echo "100% Installing done."; echo succeeded""");
        var heard = new List<UpdateProgress>();

        await rauc.InstallAsync("/a b;$(touch x)", heard.Add, CancellationToken.None);

        heard.ShouldBe(
        [
            new UpdateProgress("installing", 0, "Installing"),
            new UpdateProgress("installing", 40, "Updating slots /a b;$(touch x)"),
            new UpdateProgress("installing", 100, "Installing done."),
        ]);
    }

    [Fact]
    public async Task What_it_complains_of_is_why()
    {
        // As RAUC does: the reason to standard output, and to standard error only that it failed.
        var rauc = Fake("""echo installing; echo "  0% Installing"; echo "LastError: signature verification failed: self-signed certificate"; echo "Installing '$2' failed" >&2; exit 1""");

        (await Should.ThrowAsync<UpdateException>(() => rauc.InstallAsync("/x", _ => { }, CancellationToken.None))).Message
            .ShouldBe("rauc install failed: signature verification failed: self-signed certificate");
    }

    private Rauc Fake(string script)
    {
        var program = Path.Combine(_folder, "rauc");
        File.WriteAllText(program, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new Rauc(program);
    }
}
