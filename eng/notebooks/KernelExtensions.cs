using System.Runtime.Loader;
using Microsoft.DotNet.Interactive;

namespace MLNet.BatchNorm.Notebooks;

/// <summary>What packages add to a kernel, such as how charts are shown: as the program dotnet-interactive does, which is no package itself.</summary>
internal static class KernelExtensions
{
    public static async Task Load(Kernel kernel, ResolvedPackageReference package)
    {
        var folder = new DirectoryInfo(Path.Combine(package.PackageRoot ?? "", "interactive-extensions", "dotnet"));
        if (package.PackageRoot is null || !folder.Exists)
        {
            return;
        }
        foreach (var file in folder.GetFiles("*.dll"))
        {
            var types = AssemblyLoadContext.Default.LoadFromAssemblyPath(file.FullName).ExportedTypes;
            foreach (var type in types.Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IKernelExtension))))
            {
                await ((IKernelExtension)Activator.CreateInstance(type)!).OnLoadAsync(kernel);
            }
        }
    }
}
