using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Tests.Packaging;

/// <summary>What scripts/publish says is in the program. The script itself is asked, over what the restore of these tests has left.</summary>
public sealed class BillOfMaterialsTests : IDisposable
{
    private static readonly string Script = Path.Combine(Repository.Root, "scripts", "lib", "sbom.py");

    private readonly string _folder = Directory.CreateTempSubdirectory("kuzzle-edge-sbom-").FullName;

    private string File => Path.Combine(_folder, "bom.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [PythonFact]
    public async Task Every_package_is_there_with_its_version_licence_and_checksum()
    {
        var assets = Assets();

        (await MakeAsync(assets)).ShouldBe((0, ""));

        var bom = JsonElement.Parse(await System.IO.File.ReadAllBytesAsync(File));
        bom.GetProperty("bomFormat").GetString().ShouldBe("CycloneDX");
        var components = bom.GetProperty("components").EnumerateArray().ToDictionary(component => component.GetProperty("bom-ref").GetString()!, StringComparer.Ordinal);
        var packages = assets["targets"]!.AsObject().Single().Value!.AsObject().Where(library => (string?)library.Value!["type"] == "package").ToList();
        packages.Count.ShouldBeGreaterThan(5);
        foreach (var (key, _) in packages)
        {
            var component = components[$"pkg:nuget/{key.Replace('/', '@')}"];
            component.GetProperty("version").GetString().ShouldBe(key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..]);
            component.GetProperty("licenses").GetArrayLength().ShouldBeGreaterThan(0, key);
            component.GetProperty("hashes")[0].GetProperty("content").GetString()!.Length.ShouldBe(128, key);
        }

        components.Keys.ShouldContain("pkg:deb/debian/libsqlite3-0");
        components["pkg:nuget/Serilog@3.1.1"].GetProperty("scope").GetString().ShouldBe("required");
        components.First(component => component.Key.StartsWith("pkg:nuget/Meziantou.Analyzer", StringComparison.Ordinal)).Value.GetProperty("scope").GetString().ShouldBe("excluded", "a tool of the build is not in the program");
    }

    [PythonFact]
    public async Task The_same_commit_has_the_same_bill()
    {
        var assets = Assets();
        (await MakeAsync(assets)).ShouldBe((0, ""));
        var first = await System.IO.File.ReadAllTextAsync(File);

        (await MakeAsync(assets)).ShouldBe((0, ""));

        (await System.IO.File.ReadAllTextAsync(File)).ShouldBe(first);
    }

    [PythonTheory]
    [InlineData("serialNumber", "serialNumber")]
    [InlineData("components", "components")]
    [InlineData("metadata", "metadata")]
    public async Task What_lacks_a_required_member_is_refused(string member, string named)
    {
        (await MakeAsync(Assets())).ShouldBe((0, ""));
        var bom = JsonNode.Parse(await System.IO.File.ReadAllTextAsync(File))!.AsObject();
        bom.Remove(member);
        await System.IO.File.WriteAllTextAsync(File, bom.ToJsonString());

        var (code, errors) = await RunAsync("check", File);

        code.ShouldBe(1);
        errors.ShouldContain(named);
    }

    /// <summary>The restore of the executable, as a publish for this machine would leave it: the same packages, and the name of the runtime.</summary>
    private static JsonObject Assets()
    {
        var assets = JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(Repository.Root, "src", "Kuzzle.Edge", "obj", "project.assets.json")))!.AsObject();
        var target = assets["targets"]!.AsObject().First().Value!.DeepClone();
        assets["targets"] = new JsonObject { ["net10.0/linux-x64"] = target };
        assets["project"]!["frameworks"]!["net10.0"]!.AsObject().Remove("downloadDependencies"); // Packs of a publish need not be there.
        return assets;
    }

    private async Task<(int Code, string Errors)> MakeAsync(JsonObject assets)
    {
        var path = Path.Combine(_folder, "project.assets.json");
        var binary = Path.Combine(_folder, "program");
        await System.IO.File.WriteAllTextAsync(path, assets.ToJsonString());
        await System.IO.File.WriteAllTextAsync(binary, "the program");
        return await RunAsync("make", "--assets", path, "--rid", "linux-x64", "--version", "0.1.0", "--binary", binary, "--commit", "c0ffee", "--time", "1700000000", "--output", File);
    }

    private static async Task<(int Code, string Errors)> RunAsync(params string[] arguments)
    {
        using var python = Process.Start(new ProcessStartInfo("python3", ["-B", Script, .. arguments]) { UseShellExecute = false, RedirectStandardError = true })!;
        var errors = await python.StandardError.ReadToEndAsync();
        await python.WaitForExitAsync();
        return (python.ExitCode, errors);
    }
}
