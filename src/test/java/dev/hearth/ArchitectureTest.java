package dev.hearth;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses HEARTH =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.hearth");

    @Test
    void onlyThePackagesThatOwnNativeMemoryKnowDjl() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.hearth.torchscript..", "dev.hearth.train..", "dev.hearth.serving..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl..")
                .allowEmptyShould(true)
                .check(HEARTH);
    }

    @Test
    void theLanguageTheCompilerAndTheTrainingArePlainJava() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.hearth.spec..", "dev.hearth.torchscript..", "dev.hearth.train..")
                .and()
                .doNotHaveSimpleName("package-info")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .allowEmptyShould(true)
                .check(HEARTH);
    }
}
